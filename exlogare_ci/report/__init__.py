"""An analysis in the form that its reader wants: pure functions from ``Analysis`` to text."""
