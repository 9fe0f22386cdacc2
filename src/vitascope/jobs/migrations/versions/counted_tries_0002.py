"""How often the making of a film was tried outlives the servers that tried."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("videos") as videos:
        videos.add_column(sa.Column("finishes", sa.BigInteger(), server_default="0", nullable=False))
        videos.add_column(sa.Column("opened", sa.BigInteger(), server_default="0", nullable=False))
