/* The object that events.bpf.c is compiled to, as data of the program. */
#ifdef EVENTS_OBJECT
        .section .rodata
        .balign 8
        .global events_object
        .type events_object, %object
events_object:
        .incbin EVENTS_OBJECT
        .size events_object, . - events_object
        .balign 8
        .global events_object_len
        .type events_object_len, %object
events_object_len:
        .quad events_object_len - events_object
        .size events_object_len, 8
#endif
        .section .note.GNU-stack, "", %progbits
