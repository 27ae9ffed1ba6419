/*
 * Plays the programs of containers, by the words after its name:
 *   box WORD...                           starts each, and waits: a container's first process
 *   storm PROGRAM RATE COUNT MS SOURCE ADDRESS... starts it (moment.c) COUNT times, RATE a second
 * A WORD is a program and its arguments, parted by commas; with "-" before it, it loses its environment.
 */
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
static int storm(int argc, char **argv)
{
        long rate = atol(argv[1]), count = atol(argv[2]), started = 0, behind;
        char *child[] = { argv[0], argv[3], argv[4], NULL, NULL };
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
                child[3] = argv[5 + i % (argc - 5)];
                started += posix_spawn(&pid, argv[0], NULL, NULL, child, environ) == 0;
        }
        clock_gettime(CLOCK_MONOTONIC, &now);
        behind = (now.tv_sec - at.tv_sec) * 1000 + (now.tv_nsec - at.tv_nsec) / 1000000;
        while (wait(NULL) > 0)
                ;
        printf("%ld %ld\n", started, behind);
        return 0;
}

int main(int argc, char **argv)
{
        const char *part = argc > 1 ? argv[1] : "";

        if (strcmp(part, "box") == 0)
                return box(argv + 2);
        return strcmp(part, "storm") == 0 && argc > 7 ? storm(argc - 2, argv + 2) : pause();
}
