"""Where raw pages come from: one module per source kind, one YAML file per site in ``sources/``."""
