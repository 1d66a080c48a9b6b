"""A bare Flask application that says hello: what the framework itself costs."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """Say it."""
    return "hello"
