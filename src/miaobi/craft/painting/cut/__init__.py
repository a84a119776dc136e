"""Cut paper: 剪纸 of one red sheet, 纸雕 of sheets above sheets."""
