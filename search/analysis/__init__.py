"""From text to the terms of the index: tokens, letters, stems, stop words, names."""
