"""`python -m benchmarks [NAME …]`: run the benchmarks and print one line each."""

import platform
import sys
from importlib import import_module, metadata

NAMES = ("startup", "rerun", "reader", "mapping", "metadata")


def main() -> None:
    """Run the benchmarks named, or all of them."""
    print(
        f"Python {platform.python_version()}, odata-importer {metadata.version('odata-importer')}, {platform.machine()}"
    )
    for name in sys.argv[1:] or NAMES:
        import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
