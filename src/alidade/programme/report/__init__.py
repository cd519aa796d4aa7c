"""Reports from the register: composed once as content, frozen with its facts, and written as HTML, DOCX and PDF."""
