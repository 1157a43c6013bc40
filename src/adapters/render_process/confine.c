/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/render_process/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OUR_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCH AUDIT_ARCH_AARCH64
#endif

/* A sanitizer maps terabytes and reads /proc when it reports. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define INSTRUMENTED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define INSTRUMENTED 1
#endif
#endif
#ifndef INSTRUMENTED
#define INSTRUMENTED 0
#endif

static bool limit(int what, rlim_t most)
{
    struct rlimit l = { .rlim_cur = most, .rlim_max = most };

    /* The type of the first parameter is an enum with _GNU_SOURCE. */
    return setrlimit((__rlimit_resource_t)what, &l) == 0;
}

static bool set_limits(size_t memory_bytes)
{
    return (INSTRUMENTED || limit(RLIMIT_AS, memory_bytes)) && limit(RLIMIT_CORE, 0) &&
           limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NOFILE, 3) && limit(RLIMIT_NPROC, 0) &&
           limit(RLIMIT_MEMLOCK, 0) && limit(RLIMIT_MSGQUEUE, 0);
}

/* ---- landlock: headers of Debian bookworm end at its second version ---- */

struct landlock_rules {
    uint64_t files;  /* kinds of access that need a rule; there will be none */
    uint64_t ports;  /* since version 4 */
    uint64_t scopes; /* since version 6: abstract sockets, signals */
};

enum {
    LANDLOCK_CREATE = 444, /* system calls, the same on every architecture */
    LANDLOCK_RESTRICT = 446,
    LANDLOCK_ASK_VERSION = 1,
};

static struct landlock_rules rules_of(long version)
{
    static const unsigned files[] = { 13, 13, 14, 15, 15, 16 }; /* bits, by version */
    size_t at = version >= 5 ? 5 : (size_t)version;

    return (struct landlock_rules){
        .files = (UINT64_C(1) << files[at]) - 1,
        .ports = version >= 4 ? 3 : 0,
        .scopes = version >= 6 ? 3 : 0,
    };
}

static bool use_landlock(void)
{
    long version = syscall(LANDLOCK_CREATE, NULL, 0, LANDLOCK_ASK_VERSION);
    struct landlock_rules rules;
    size_t size;
    long fd;
    bool on;

    if (version < 1)
        return false;
    rules = rules_of(version);
    size = version >= 6   ? sizeof rules
           : version >= 4 ? offsetof(struct landlock_rules, scopes)
                          : offsetof(struct landlock_rules, ports);
    fd = syscall(LANDLOCK_CREATE, &rules, size, 0);
    if (fd < 0)
        return false;
    on = syscall(LANDLOCK_RESTRICT, fd, 0) == 0;
    (void)close((int)fd);
    return on;
}

/* ---- seccomp ---- */

#ifdef OUR_ARCH

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))
#define ALLOW(call) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
/* Allowed unless a bit of the argument is set; the number is loaded again for what follows. */
#define ALLOW_WITHOUT(call, index, bit)                             \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 4),              \
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW_HALF_OF_ARG(index)), \
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bit), 1, 0),          \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),               \
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))
#define LOW_HALF_OF_ARG(index) (offsetof(struct seccomp_data, args) + (index) * sizeof(uint64_t))

static bool use_seccomp(void)
{
    const struct sock_filter filter[] = {
        LOAD(arch),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 1, 0),
        RETURN(SECCOMP_RET_KILL_PROCESS),
        LOAD(nr),
        /* the descriptors that are open: sendto without an address cannot be told apart, but there is one socket only */
        ALLOW(__NR_sendto),
        ALLOW(__NR_recvfrom),
        ALLOW(__NR_read),
        ALLOW(__NR_write),
        ALLOW(__NR_close),
        ALLOW(__NR_ppoll),
#ifdef __NR_poll
        ALLOW(__NR_poll),
#endif
        /* memory, never to be executed */
        ALLOW_WITHOUT(__NR_mmap, 2, PROT_EXEC),
        ALLOW_WITHOUT(__NR_mprotect, 2, PROT_EXEC),
        ALLOW(__NR_munmap),
        ALLOW(__NR_mremap),
        ALLOW(__NR_madvise),
        ALLOW(__NR_brk),
        ALLOW(__NR_futex),
        ALLOW(__NR_getrandom),
        ALLOW(__NR_clock_gettime),
        /* the end; abort() sends a signal to its own thread */
        ALLOW(__NR_exit_group),
        ALLOW(__NR_exit),
        ALLOW(__NR_rt_sigreturn),
        ALLOW(__NR_rt_sigprocmask),
        ALLOW(__NR_rt_sigaction),
        ALLOW(__NR_restart_syscall),
        ALLOW(__NR_gettid),
        ALLOW(__NR_getpid),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_tgkill, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW_HALF_OF_ARG(0)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)getpid(), 0, 1),
        RETURN(SECCOMP_RET_ALLOW),
        RETURN(SECCOMP_RET_ERRNO | EPERM),
    };
    struct sock_fprog program = {
        .len = sizeof filter / sizeof filter[0],
        .filter = (struct sock_filter *)(uintptr_t)filter, /* read only */
    };

    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

#else

static bool use_seccomp(void)
{
    return false;
}

#endif

bool confine(const struct confine_options *options, struct confinement *ret)
{
    *ret = (struct confinement){ .landlock = false };
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != options->parent ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0)
        return false;
    ret->landlock = use_landlock(); /* needs a descriptor for a moment */
    if (!set_limits(options->memory_bytes))
        return false;
    ret->memory = !INSTRUMENTED;
    ret->seccomp = !INSTRUMENTED && use_seccomp();
    return true;
}

static bool is_refused(long result)
{
    return result < 0 && (errno == EPERM || errno == EACCES || errno == EMFILE);
}

bool confinement_holds(const struct confinement *c)
{
    static const char *const nothing[] = { NULL };
    bool files = is_refused(open("/proc/self/environ", O_RDONLY | O_CLOEXEC)) &&
                 is_refused(open("/", O_RDONLY | O_CLOEXEC | O_DIRECTORY));

    if (!c->landlock && !c->seccomp)
        return true;
    if (!c->seccomp)
        return files;
    return files && is_refused(socket(AF_UNIX, SOCK_STREAM, 0)) &&
           is_refused(socket(AF_INET, SOCK_STREAM, 0)) &&
           is_refused(syscall(__NR_execve, "/proc/self/exe", nothing, nothing)) &&
           is_refused(syscall(__NR_ptrace, 0, 0, 0, 0)) && is_refused(kill(getppid(), 0)) &&
           is_refused((long)(intptr_t)mmap(NULL, 4096, PROT_READ | PROT_EXEC,
                                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}
