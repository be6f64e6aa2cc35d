"""The drawing: a scene becomes a picture, from shapes alone.

`palette` and `view` are pure; `brush` makes textures and soft sprites; each other file draws one thing in the river's
language. Nothing here decides anything: a file that would change a rule stands in the wrong folder.
"""
