"""Which ways of wiring loop, engine, session and client meet the errors that the ADR names, and what mends each?"""
