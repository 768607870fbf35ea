"""One thing a user asks for, one module: composes the floors, returns a result, prints nothing.

Also the Python API: `importer.check`, `importer.make_plan` … are these jobs with a project found by itself.
"""
