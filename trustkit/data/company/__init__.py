"""A company's own complaints: an export of its helpdesk becomes the table that the labs work on, without its people."""

from trustkit.data.company.importing import Imported, import_export
from trustkit.data.company.table import load_company_table

__all__ = ["Imported", "import_export", "load_company_table"]
