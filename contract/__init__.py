"""The language the rooms speak: only what crosses a process boundary.

Facts about play (`events`), beliefs about the player (`signals`), goals for the river (`adaptations`), the topics they
travel on (`topics`) and the one way between bytes and messages (`codec`). It imports msgspec alone, so that any room,
or a program outside this repository, can depend on it without depending on us.
"""
