"""The cars for machines: what the shop's pages show, as JSON, with a description that is made from the code."""
