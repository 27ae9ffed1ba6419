/*
 * Plays the programs of containers, by the words after its name:
 *   box WORD...                           starts each, and waits: a container's first process
 *   storm RATE COUNT MS SOURCE ADDRESS... COUNT programs, RATE a second, each of which connects once
 *   moment MS SOURCE ADDRESS              one of these: connects, and ends after so many milliseconds
 * A WORD is a program and its arguments, parted by commas; with "-" before it, it loses its environment.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static int box(char **words)
{
        char *none[] = { NULL };
        pid_t pid;

        for (; *words; words++) {
                char *argv[8] = { 0 }, *word = *words + (**words == '-');
                int n = 0;

                for (char *save, *part = strtok_r(word, ",", &save); part && n < 7; part = strtok_r(NULL, ",", &save))
                        argv[n++] = part;
                if (posix_spawn(&pid, argv[0], NULL, NULL, argv, word == *words ? environ : none) != 0)
                        return 1;
        }
        while (wait(NULL) > 0)
                ;
        return pause();
}

static void sleep_until(struct timespec at)
{
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) != 0)
                ;
}

/* Prints how many were started, and how many milliseconds behind its time the last one was. */
static int storm(char *self, int argc, char **argv)
{
        long rate = atol(argv[0]), count = atol(argv[1]), started = 0, behind;
        char *child[] = { self, "moment", argv[2], argv[3], NULL, NULL };
        struct timespec began, at, now;

        signal(SIGCHLD, SIG_IGN);
        clock_gettime(CLOCK_MONOTONIC, &began);
        at = began;
        for (long i = 0; i < count; i++) {
                pid_t pid;
                long long ns = began.tv_nsec + i * 1000000000LL / rate;

                at.tv_sec = began.tv_sec + (time_t)(ns / 1000000000);
                at.tv_nsec = (long)(ns % 1000000000);
                sleep_until(at);
                child[4] = argv[4 + i % (argc - 4)];
                started += posix_spawn(&pid, self, NULL, NULL, child, environ) == 0;
        }
        clock_gettime(CLOCK_MONOTONIC, &now);
        behind = (now.tv_sec - at.tv_sec) * 1000 + (now.tv_nsec - at.tv_nsec) / 1000000;
        while (wait(NULL) > 0)
                ;
        printf("%ld %ld\n", started, behind);
        return 0;
}

static int moment(char **argv)
{
        long ms = atol(argv[0]);
        struct timespec end = { ms / 1000, ms % 1000 * 1000000 };
        struct sockaddr_in from = { .sin_family = AF_INET }, to = { .sin_family = AF_INET, .sin_port = htons(80) };
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

        if (fd < 0 || inet_pton(AF_INET, argv[1], &from.sin_addr) != 1 || inet_pton(AF_INET, argv[2], &to.sin_addr) != 1 ||
            bind(fd, (struct sockaddr *)&from, sizeof from) < 0)
                return 1;
        connect(fd, (struct sockaddr *)&to, sizeof to);        /* under way: nobody waits for the answer */
        return nanosleep(&end, NULL);
}

int main(int argc, char **argv)
{
        const char *part = argc > 1 ? argv[1] : "";

        if (strcmp(part, "box") == 0)
                return box(argv + 2);
        if (strcmp(part, "storm") == 0 && argc > 6)
                return storm(argv[0], argc - 2, argv + 2);
        return strcmp(part, "moment") == 0 && argc == 5 ? moment(argv + 2) : pause();
}
