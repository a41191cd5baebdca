"""What runs, when, and what it reports. The only room that knows Prefect."""

from flows.collector import collect_rarely

# Before anything else of a run is loaded: 170,000 objects, all of which stay.
collect_rarely()
