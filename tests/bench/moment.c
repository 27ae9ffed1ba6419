/*
 * moment MS SOURCE ADDRESS: connects once, and ends after so many milliseconds.
 * Without a C library: its start would cost the machine more than all the rest, and storms are of these.
 */
#include <asm/unistd.h>
#include <linux/in.h>
#include <linux/net.h>
#include <linux/time.h>

#define SOCK_STREAM 1
#define AF_INET 2
#define O_NONBLOCK 04000

static long call(long number, long a, long b, long c)
{
#if defined __x86_64__
        long r;

        __asm__ volatile("syscall" : "=a"(r) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
        return r;
#elif defined __aarch64__
        register long x8 __asm__("x8") = number, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c;

        __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
        return x0;
#else
#error "how are system calls made here?"
#endif
}

static unsigned long number_of(const char **s)
{
        unsigned long n = 0;

        for (; **s >= '0' && **s <= '9'; (*s)++)
                n = n * 10 + (unsigned long)(**s - '0');
        return n;
}

static struct sockaddr_in address_of(const char *s, unsigned char low_port)
{
        struct sockaddr_in a = { .sin_family = AF_INET };
        unsigned char *byte = (unsigned char *)&a.sin_addr, *port = (unsigned char *)&a.sin_port;

        for (int i = 0; i < 4; i++, s += *s == '.')
                byte[i] = (unsigned char)number_of(&s);
        port[1] = low_port;
        return a;
}

__attribute__((used, noreturn)) static void moment(long *stack)
{
        const char **argv = (const char **)(stack + 1), *ms = stack[0] == 4 ? argv[1] : "";
        struct __kernel_timespec end = { 0 };
        struct sockaddr_in from, to;
        long fd = -1, n;

        if (*ms) {
                n = (long)number_of(&ms);
                end = (struct __kernel_timespec){ n / 1000, n % 1000 * 1000000 };
                from = address_of(argv[2], 0);
                to = address_of(argv[3], 80);
                fd = call(__NR_socket, AF_INET, SOCK_STREAM | O_NONBLOCK, 0);
        }
        if (fd >= 0 && call(__NR_bind, fd, (long)&from, sizeof from) == 0) {
                call(__NR_connect, fd, (long)&to, sizeof to);          /* under way: nobody waits for the answer */
                call(__NR_nanosleep, (long)&end, 0, 0);
        }
        for (;;)
                call(__NR_exit_group, fd < 0, 0, 0);
}

#if defined __x86_64__
__asm__(".globl _start\n_start: mov %rsp, %rdi\n and $-16, %rsp\n call moment");
#else
__asm__(".globl _start\n_start: mov x0, sp\n bl moment");
#endif
