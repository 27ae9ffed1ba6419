/* Stands for a program of any name that rolewatch goes by: it waits. */
#include <unistd.h>

int main(void) { return pause(); }
