"""The store on SQL: the tables, the statements, the writer."""
