"""The tables as they should be by now: runs infra/migrations on a database, from wherever it stands."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, make_url

MIGRATIONS: Final = Path(__file__).parents[1] / "infra" / "migrations"


def migrate(database_url: str) -> None:
    """Bring the database at `database_url` to the newest tables; a SQLite file and its folder are made when missing.

    Doing it again changes nothing. Raises SQLAlchemy's errors when the database does not answer.
    """
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        url = url.set(drivername="sqlite")
        if url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
