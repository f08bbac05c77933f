"""config.yaml + environment -> frozen, whole, checked. Floor 2.

settings.py knows what may be set and what it means, feeds.py, sources.py and selections.py what may be of those;
reading.py knows YAML, lines and how to tell what is wrong; schema.py knows JSON Schema.
"""
