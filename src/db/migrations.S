// db/migrations.S — puts the migrations into the program. The build concatenates sql/*.sql into
// migrations.sql, each after a line "--@ sql/NNNN_noun.sql".
        .section .rodata
        .global migrations_start, migrations_end
migrations_start:
        .incbin "migrations.sql"
migrations_end:
        .byte 0
        .section .note.GNU-stack, "", @progbits
