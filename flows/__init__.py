"""What runs, when, and what it reports. The only room that knows Prefect."""
