"""Arguments → job → report → exit code. Holds no logic: how anything is done, the floors below know."""
