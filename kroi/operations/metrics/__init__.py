"""What Prometheus reads: counted by each process for itself, and added up over all processes of this folder."""
