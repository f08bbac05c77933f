"""config.yaml + environment -> frozen, whole, checked. Floor 2.

What may be set, and what it means: settings.py, with feeds.py, sources.py and selections.py for the larger groups;
values.py, cron.py, urls.py, patterns.py and expressions.py know the values that need more than a type, closed.py how
every group is. How a file is read: reading.py puts it together; marks.py knows YAML and where everything stands,
environment.py what is put in from outside. What is wrong with it: wording.py says what models refuse, shapes.py what
would be allowed, mistyped.py and misread.py what others can tell of values, addresses.py which names are in each
other's way. What is shown of it: showing.py, masking.py, schema.py for editors, reference.py for the documentation, and
trimming.py for a source without its selectors.
"""
