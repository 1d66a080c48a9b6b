"""How long what is known about people stays: clocks by purpose, which begin anew with every contact."""
