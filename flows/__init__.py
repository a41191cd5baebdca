"""What runs, when, and what it reports. The only room that knows Prefect."""

from flows.collector import load_undisturbed

load_undisturbed()  # before anything else of a run
