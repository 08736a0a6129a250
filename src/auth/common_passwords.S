// auth/common_passwords.S — puts the list of common passwords into the program, read-only and so
// shared by all workers. Source and licence: src/auth/common_passwords.LICENSE.
        .section .rodata
        .global common_passwords_start, common_passwords_end
common_passwords_start:
        .incbin "src/auth/common_passwords.txt"
common_passwords_end:
        .byte 0
        .section .note.GNU-stack, "", @progbits
