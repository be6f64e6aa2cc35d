"""One step each; `down_revision` names the step before."""
