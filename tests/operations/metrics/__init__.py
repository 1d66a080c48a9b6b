"""What Prometheus reads, the alert rules and the dashboard."""
