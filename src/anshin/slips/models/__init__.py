"""Tables of the slips room, one file for each noun."""

from anshin.slips.models.accounts import CarrierAccount
from anshin.slips.models.files import ParcelAddress, SlipDownload, SlipFileRow, SlipFileWritten
from anshin.slips.models.numbers import NumberFile, NumberRow

__all__ = [
    "CarrierAccount",
    "NumberFile",
    "NumberRow",
    "ParcelAddress",
    "SlipDownload",
    "SlipFileRow",
    "SlipFileWritten",
]
