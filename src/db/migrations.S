// db/migrations.S — puts the migrations into the program. The build makes one text of sql/*.sql, each
// file after a line "--@ " and its path.
        .section .rodata
        .global migrations_start, migrations_end
migrations_start:
        .incbin "migrations.sql"
migrations_end:
        .byte 0
        .section .note.GNU-stack, "", @progbits
