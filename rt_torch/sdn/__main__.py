"""`python -m rt_torch.sdn`."""

import sys

from rt_torch.sdn.command import main

if __name__ == "__main__":
    sys.exit(main())
