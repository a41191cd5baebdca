"""What a record is: typed stages, tables, migrations, and the only module that writes the database."""
