# rolewatch. `make help` lists the targets.
# The one place of the version is the top entry of the changelog, which both packages carry.
VERSION   := $(shell sed -n '1s/.*(\(.*\)).*/\1/p' packaging/changelog)
BUILD     ?= build
ifeq ($(origin CC),default)
CC        := gcc
endif
ifeq ($(origin AR),default)
AR        := ar
endif
PKG_CONFIG ?= pkg-config
Q         := $(if $(V),,@)
PREFIX    ?= /usr
UNITDIR   ?= $(PREFIX)/lib/systemd/system
ZSHDIR    ?= $(PREFIX)/share/zsh/site-functions
DOCDIR    ?= $(PREFIX)/share/doc/rolewatch
# Names on the command line: T="causes judge" these unit tests; FOR="build unit" what deps installs for. Without FOR: what
# the other targets of the same command need, and for deps alone, everything.
T         :=
FOR       := $(patsubst demo,lab,$(patsubst try,build,$(filter try unit demo lab check release packages-check booted,$(MAKECMDGOALS))))
$(foreach t,$(T:test_%=%),$(if $(wildcard tests/unit/test_$t.c),,$(error T: no unit test '$t' (tests/unit/test_$t.c))))

# pkg-config is asked when its answer is first used, and once: help, deps, floors and clean do without.
ask        = $(eval $1 := $(shell $(PKG_CONFIG) $2 2>/dev/null))$($1)
PKGS      := libcurl libsystemd libcrypto
PKG_CFLAGS = $(call ask,PKG_CFLAGS,--cflags $(PKGS))
PKG_LIBS   = $(call ask,PKG_LIBS,--libs $(PKGS))
CMOCKA_LIBS = $(call ask,CMOCKA_LIBS,--libs cmocka)
# Of their own, for distributions without cJSON: there it is compiled in (packaging/rpm).
CJSON_CFLAGS ?= $(call ask,CJSON_CFLAGS,--cflags libcjson)
CJSON_LIBS   ?= $(call ask,CJSON_LIBS,--libs libcjson)

# Warnings are errors with WERROR=1 or CI=true, as in make check. A plain make with a newer compiler only warns.
WERROR    ?= $(filter 1 true,$(CI))
STRICT    := $(if $(filter-out 0,$(WERROR)),-Werror)
WARN      := -Wall -Wextra -Wshadow -Wvla -Wformat=2 -Wswitch-enum -Wmissing-prototypes -Wstrict-prototypes $(STRICT)
CFLAGS    ?= -O2 -g
SANITIZE  ?=
HARDEN    ?= -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
ALL_C     := -std=gnu17 $(WARN) $(CFLAGS) $(SANITIZE)
ALL_CPP    = -Iinclude -D_GNU_SOURCE -DROLEWATCH_VERSION='"$(VERSION)"' $(PKG_CFLAGS) $(CJSON_CFLAGS) $(CPPFLAGS) -DTESTS_DIR='"$(CURDIR)/tests"'
COMPILE    = $(CC) $(ALL_C) $(HARDEN) $(ALL_CPP)
# libcurl is not linked: agent/net/curl_library.c loads it.
LIBS       = $(filter-out -lcurl,$(PKG_LIBS)) $(CJSON_LIBS)
LDHARDEN  := -pie -Wl,-z,relro,-z,now

# Kernel events: an object for the kernel's BPF machine, by clang, which the broker carries and loads with libbpf. That is linked
# statically, since its name differs between distributions. Where clang or libbpf is missing, a plain make builds the broker without
# it, and the daemon scans instead; BPF=1 makes that an error.
CLANG     ?= clang
bpf_here   = $(eval bpf_here := $(if $(shell command -v $(CLANG)),$(shell $(PKG_CONFIG) --exists libbpf 2>/dev/null && echo 1)))$(bpf_here)
BPF       ?= $(bpf_here)
BPF_CFLAGS = $(call ask,BPF_CFLAGS,--cflags libbpf)
BPF_LIBS  ?= $(if $(BPF),-l:libbpf.a -lelf -lz)
BPF_MACHINE = $(if $(findstring aarch64,$(shell $(CC) -dumpmachine)),arm64,x86)
# The C compiler's headers of the kernel; clang looks for those of the BPF machine, which there are none of.
BPF_HEADERS = $(shell $(CC) -E -M -x c -include asm/types.h /dev/null | grep -o '[^ ]*/asm/types.h' | sed 's|/asm/types.h$$||')

MAINS     := agent/cli/main.c agent/broker/main.c
SRCS      := $(filter-out $(MAINS) %.bpf.c,$(wildcard agent/*/*.c))
OBJS      := $(SRCS:%.c=$(BUILD)/%.o)
EVENTS_O  := $(BUILD)/agent/broker/events_object.o
BROKER_C  := $(filter-out agent/base/digest.c agent/base/json.c agent/base/xml.c,$(wildcard agent/base/*.c)) agent/io/clock.c agent/io/proc_stat.c \
	     agent/broker/ops.c agent/broker/container_config.c agent/broker/container_check.c agent/broker/container_log.c \
	     agent/broker/docker_file.c agent/broker/events_load.c agent/broker/kernel_events.c agent/broker/rights.c agent/broker/server.c agent/broker/service.c agent/broker/wire.c
BROKER_O  := $(BROKER_C:%.c=$(BUILD)/%.o) $(EVENTS_O)
TEST_SRCS := $(if $(T),$(patsubst %,tests/unit/test_%.c,$(T:test_%=%)),$(wildcard tests/unit/test_*.c))
TESTS     := $(TEST_SRCS:tests/unit/%.c=$(BUILD)/tests/%)
# Mocks are linked whole, before the libraries whose symbols they replace; of the helpers a test gets what it uses, so that
# a change in agent/judge is no change of a test of agent/base.
HELPERS_C := $(wildcard tests/unit/helper_*.c) tests/oracle/facts.c tests/oracle/mutants.c
HELPERS   := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/unit/mock_*.c)) $(BUILD)/libhelpers.a

all: $(BUILD)/rolewatch $(BUILD)/rolewatch-broker ## build both programs

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z_-]+:.*## /{printf "%-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# What pkg-config does not find is named in one line before anything is compiled.
# missing: the names $1 that are not there, where asking for them gave nothing ($2). need: what to do about $1, purpose $2.
missing    = $(if $(strip $2),,$(shell for p in $1; do $(PKG_CONFIG) --exists $$p 2>/dev/null || echo $$p; done))
need       = $(if $(strip $1),@echo 'make: pkg-config does not find $(strip $1); on Debian: make deps FOR=$2' >&2; exit 1)
libraries: $(filter deps,$(MAKECMDGOALS))
	$(call need,$(call missing,$(PKGS),$(PKG_LIBS)) $(call missing,libcjson,$(CJSON_LIBS)),build)
cmocka: $(filter deps,$(MAKECMDGOALS))
	$(call need,$(call missing,cmocka,$(CMOCKA_LIBS)),unit)
$(TEST_SRCS:%.c=$(BUILD)/%.o): | cmocka

# Changes with the version only, not with each line of the changelog.
$(BUILD)/version: packaging/changelog
	@mkdir -p $(@D)
	@[ "$$(cat $@ 2>/dev/null)" = '$(VERSION)' ] || echo '$(VERSION)' >$@

# Every object that is newer was compiled with -Werror. A plain make takes it away, so that make check compiles again
# what may have had a warning. (FORCE: for .SECONDARY a file that is not there is no reason to make anything.)
$(BUILD)/strict: FORCE
	@mkdir -p $(@D)
	@[ -e $@ ] || touch $@
FORCE:

$(BUILD)/librolewatch.a: $(OBJS) $(EVENTS_O)
$(BUILD)/libhelpers.a: $(HELPERS_C:%.c=$(BUILD)/%.o)
$(BUILD)/%.a:
	@rm -f $@
	@$(AR) rcs $@ $^

$(BUILD)/rolewatch: $(BUILD)/agent/cli/main.o $(BUILD)/librolewatch.a
	$(if $(V),,@echo "  LD  $@")
	$(Q)$(CC) $(SANITIZE) $(LDHARDEN) -o $@ $^ $(LIBS)

# The broker carries no JSON, no HTTP, no TLS, no libsystemd: only what the table of operations needs.
$(BUILD)/rolewatch-broker: $(BUILD)/agent/broker/main.o $(BROKER_O)
	$(if $(V),,@echo "  LD  $@")
	$(Q)$(CC) $(SANITIZE) $(LDHARDEN) -Wl,--gc-sections -o $@ $^ $(BPF_LIBS)

# Without the names of the builder's files, and without what only a debugger reads; the kernel's types stay (.BTF).
define bpf_object
$(Q)$(CLANG) -target bpf -D__TARGET_ARCH_$(BPF_MACHINE) -O2 -g -Wall -Wextra -Wno-unused-parameter $(STRICT) $(BPF_CFLAGS) -Iinclude \
	-idirafter $(BPF_HEADERS) "-ffile-prefix-map=$(CURDIR)=" -c -o $(@D)/events.bpf.o agent/broker/events.bpf.c
$(Q)! command -v llvm-strip >/dev/null || llvm-strip -g $(@D)/events.bpf.o
endef
$(EVENTS_O): agent/broker/events_object.S agent/broker/events.bpf.c include/rolewatch/event_record.h Makefile
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CC  $<")
	$(if $(BPF),$(bpf_object))
	$(Q)$(CC) $(if $(BPF),-DEVENTS_OBJECT='"$(@D)/events.bpf.o"') -c -o $@ $<

$(BUILD)/agent/broker/events_load.o: ALL_CPP += $(if $(BPF),-DWITH_KERNEL_EVENTS $(BPF_CFLAGS))
$(BUILD)/%.o: %.c Makefile $(BUILD)/version $(STRICT:%=$(BUILD)/strict) | libraries
	@mkdir -p $(@D)$(if $(STRICT),, && rm -f $(BUILD)/strict)
	$(if $(V),,@echo "  CC  $<")
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

# MSAN comes last: of constructors without a number the linker runs the last one last; what it needs of the library
# may be in no test otherwise, so that the library follows once more.
$(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(HELPERS) $(BUILD)/librolewatch.a $(MSAN)
	@mkdir -p $(@D)
	$(if $(V),,@echo "  LD  $@")
	$(Q)$(CC) $(SANITIZE) -pie -o $@ $^ $(MSAN:%=$(BUILD)/librolewatch.a) $(LIBS) $(BPF_LIBS) $(CMOCKA_LIBS) -lpthread

-include $(shell find $(BUILD)/agent $(BUILD)/tests -name '*.d' -type f 2>/dev/null)

unit: $(TESTS) ## build the unit tests and run those that changed; all with AGAIN=1, some with T="causes judge"
	@tests/unit/run $(BUILD) $(if $(AGAIN)$(T),--again) $(TESTS)

floors: $(OBJS) $(MAINS:%.c=$(BUILD)/%.o) ## prove that each room includes only rooms below it, and that no files depend on each other in a circle
	@tests/floors $(CURDIR) $(BUILD)

words: ## prove that names and texts use the words of CONTRIBUTING.md, and none that its table refuses
	@tests/words $(CURDIR)

sanitize: ## run the unit tests under ASan and UBSan
	@$(MAKE) --no-print-directory $(ASAN_BUILD) unit

clang: ## compile both programs and the tests with clang, without a warning
	@$(MAKE) --no-print-directory BUILD=build/clang CC=clang WERROR=1 all $(TEST_SRCS:tests/unit/%.c=build/clang/tests/%)

# For clangd, which finds it below build/, and for clang-tidy -p build.
compile_commands: export COMMAND = $(COMPILE)
compile_commands: libraries ## write build/compile_commands.json for clangd and other tools
	@mkdir -p $(BUILD)
	@printf '%s\n' $(sort $(wildcard agent/*/*.c tests/*/*.c)) | awk 'BEGIN { c = ENVIRON["COMMAND"]; gsub(/[\\"]/, "\\\\&", c); printf "[" } \
		{ o = "$(BUILD)/" $$0; sub(/c$$/, "o", o); \
		  printf "%s\n{\"directory\": \"%s\", \"file\": \"%s\", \"output\": \"%s\", \"command\": \"%s -c -o %s %s\"}", s, "$(CURDIR)", $$0, o, c, o, $$0; s = "," } \
		END { print "\n]" }' >$(BUILD)/compile_commands.json

deps: ## install what builds and tests need (Debian, root); less with FOR=build, unit, lab, packages or check, or beside try, demo or check
	@tests/deps $(FOR)

check: $(filter deps,$(MAKECMDGOALS)) ## run every test; stop if a package is missing (make deps installs them)
	@tests/check

ROLEWATCH ?= $(BUILD)/rolewatch
lab: all ## run all lab scenarios with real containers and compare with boto3 (root); ROLEWATCH=build/asan/rolewatch
	@ROLEWATCH=$(abspath $(ROLEWATCH)) tests/lab/run

ORACLE    := $(BUILD)/oracle/predict $(BUILD)/oracle/kills
$(ORACLE): $(BUILD)/oracle/%: $(BUILD)/tests/oracle/%.o $(BUILD)/tests/oracle/facts.o $(BUILD)/tests/oracle/mutants.o $(BUILD)/librolewatch.a
	@mkdir -p $(@D)
	$(if $(V),,@echo "  LD  $@")
	$(Q)$(CC) $(SANITIZE) -pie -o $@ $^ $(LIBS)

$(BUILD)/bench/iam: $(BUILD)/tests/bench/iam.o $(BUILD)/librolewatch.a
	@mkdir -p $(@D)
	$(if $(V),,@echo "  LD  $@")
	$(Q)$(CC) $(SANITIZE) -pie -o $@ $^ $(LIBS)

# Alone, so that a process more costs the machine little.
$(BUILD)/bench/actor: tests/bench/actor.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_C) -D_GNU_SOURCE -static -o $@ $<

$(BUILD)/bench/moment: tests/bench/moment.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_C) -ffreestanding -fno-stack-protector -nostdlib -static -o $@ $<

$(BUILD)/sigv4/sign: $(BUILD)/tests/sigv4/sign.o $(BUILD)/librolewatch.a
	@mkdir -p $(@D)
	$(if $(V),,@echo "  LD  $@")
	$(Q)$(CC) $(SANITIZE) -pie -o $@ $^ $(LIBS)

$(BUILD)/evidence/tool: $(BUILD)/tests/evidence/tool.o $(BUILD)/librolewatch.a
	@mkdir -p $(@D)
	$(if $(V),,@echo "  LD  $@")
	$(Q)$(CC) $(SANITIZE) -pie -o $@ $^ $(LIBS)

$(BUILD)/sdk/who: $(BUILD)/tests/sdk/who.o $(BUILD)/librolewatch.a $(BUILD)/sdk/pause
	@mkdir -p $(@D)
	$(if $(V),,@echo "  LD  $@")
	$(Q)$(CC) $(SANITIZE) -pie -o $@ $< $(BUILD)/librolewatch.a $(LIBS)

$(BUILD)/sdk/pause: tests/sdk/pause.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_C) -o $@ $<

faults: all ## cause each failure of a host in turn and print a table (root, a quarter of an hour; make check runs one of each kind)
	@ROLEWATCH=$(abspath $(ROLEWATCH)) tests/faults/run

soak: all ## run a day of operation in 24 minutes (root)
	@ROLEWATCH=$(abspath $(ROLEWATCH)) tests/faults/soak

oracle-check: $(ORACLE) ## compare the chain table with the SDKs themselves: 300 cases and those made by hand (root); SHARE=4: a quarter live
	@tests/oracle/setup $(BUILD)/oracle
	@tests/oracle/run --build $(CURDIR)/$(BUILD)/oracle --set check $(SHARE:%=--share %)

oracle-records: $(ORACLE) ## compare the chain table with what was recorded of all SDKs: no SDK, no root, seconds
	@tests/oracle/run --build $(CURDIR)/$(BUILD)/oracle --records

oracle: $(ORACLE) ## the same with 2,000 cases and more (root, an hour)
	@tests/oracle/setup $(BUILD)/oracle all
	@tests/oracle/run --build $(CURDIR)/$(BUILD)/oracle --set check --all
	@tests/oracle/run --build $(CURDIR)/$(BUILD)/oracle --set nightly

bench: all $(BUILD)/bench/iam $(BUILD)/bench/actor $(BUILD)/bench/moment $(BUILD)/sdk/pause ## measure this machine and print the tables of packaging/FLEET.md (root)
	@tests/bench/run

chains: all ## write packaging/CHAINS.md and rolewatch-chains(7) from the program's table
	@packaging/chains $(BUILD)/rolewatch

roles: all ## write rolewatch-roles(7) from the program's tables
	@packaging/roles $(BUILD)/rolewatch

findings: all ## write the journal catalog and rolewatch-findings(7) from the program's table
	@packaging/findings $(BUILD)/rolewatch

settings: all ## write rolewatch.conf and rolewatch.conf(5) from the program's table
	@packaging/settings $(BUILD)/rolewatch

cloudwatch: all ## write packaging/cloudwatch from the program's tables
	@packaging/cloudwatch/generate $(BUILD)/rolewatch

fleet: all ## write the figures of packaging/FLEET.md from the simulation
	@packaging/fleet $(BUILD)/rolewatch

pages: chains roles findings settings cloudwatch fleet ## write all generated pages and the completions
	@packaging/pages $(BUILD)/rolewatch
	@packaging/needs $(BUILD)/rolewatch

# A clean tree is built with all processors; the jobs of a make -jN above it serve as well.
try: $(filter deps,$(MAKECMDGOALS)) ## build, and show the example of README.md from a recorded host (no root, starts nothing, under a minute)
	@tests/deps --check build
	@echo "Building both programs: about half a minute on two processors."
	@$(MAKE) --no-print-directory -s $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc)) all
	@tests/try $(abspath $(ROLEWATCH)) $(BUILD)/host.html

demo: $(filter deps,$(MAKECMDGOALS)) ## show the example of README.md live: a lab host, a cron job with the wrong role, and why (root)
	@tests/deps --check lab
	@$(MAKE) --no-print-directory all
	@ROLEWATCH=$(CURDIR)/$(BUILD)/rolewatch tests/lab/demo

install: all ## install everything below DESTDIR
	$(if $(BPF),,@echo 'make: this rolewatch-broker has no kernel events, because clang or libbpf was missing; on Debian: make deps FOR=events' >&2)
	install -D -m 0755 $(BUILD)/rolewatch $(DESTDIR)$(PREFIX)/bin/rolewatch
	install -D -m 0755 $(BUILD)/rolewatch-broker $(DESTDIR)$(PREFIX)/lib/rolewatch/rolewatch-broker
	install -d $(DESTDIR)$(UNITDIR)
	install -m 0644 systemd/*.socket systemd/*.service $(DESTDIR)$(UNITDIR)/
	install -D -m 0644 systemd/90-rolewatch.preset $(DESTDIR)$(PREFIX)/lib/systemd/system-preset/90-rolewatch.preset
	install -D -m 0644 systemd/rolewatch.catalog $(DESTDIR)$(PREFIX)/lib/systemd/catalog/rolewatch.catalog
	install -D -m 0644 systemd/rolewatch.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/rolewatch.conf
	install -D -m 0644 systemd/rolewatch.tmpfiles $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/rolewatch.conf
	install -D -m 0644 packaging/rolewatch.conf $(DESTDIR)/etc/rolewatch/rolewatch.conf
	install -d $(addprefix $(DESTDIR)/etc/rolewatch/,rolewatch.conf.d needs.d bundles.d definitions.d)
	for m in packaging/man/*.[1-8]; do \
		install -D -m 0644 $$m $(DESTDIR)$(PREFIX)/share/man/man$${m##*.}/$${m##*/} || exit; done
	install -D -m 0644 packaging/completions/rolewatch.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/rolewatch
	install -D -m 0644 packaging/completions/_rolewatch $(DESTDIR)$(ZSHDIR)/_rolewatch
	install -D -m 0644 README.md $(DESTDIR)$(DOCDIR)/README.md
	install -m 0644 packaging/FLEET.md $(DESTDIR)$(DOCDIR)/FLEET.md
	install -d $(DESTDIR)$(DOCDIR)/examples/cloudwatch
	install -m 0644 packaging/cloudwatch/*.yaml packaging/cloudwatch/*.tf packaging/cloudwatch/*.json packaging/cloudwatch/README.md \
		$(DESTDIR)$(DOCDIR)/examples/cloudwatch/
	install -d $(DESTDIR)$(DOCDIR)/examples/ecs
	install -m 0644 packaging/ecs/*.json packaging/ecs/README.md $(DESTDIR)$(DOCDIR)/examples/ecs/
	cd packaging/examples && find . -type f -exec install -D -m 0644 {} $(abspath $(DESTDIR)$(DOCDIR))/examples/{} \;

deb: ## build the .deb for Debian and Ubuntu in build/deb (downloads Debian's libraries once)
	@packaging/deb/build build/deb

rpm: ## build the .rpm for Amazon Linux 2023 in build/rpm (downloads Debian's libraries once)
	@packaging/rpm/build build/rpm

image: ## build the container image for ECS in build/image, for docker load and registries (downloads Debian's libraries once)
	@packaging/image/build build/image

release: $(filter deps,$(MAKECMDGOALS)) ## build all packages twice from the tag, compare them, and write checksums, SBOM and changes to build/release; DRAFT=1 without a tag
	@$(if $(DRAFT),,packaging/release --ready)
	@tests/deps --check release
	@packaging/release build/release $(if $(DRAFT),--draft)

cross: ## build both programs for aarch64 and run the unit tests under qemu (downloads Debian's libraries once)
	@tests/packages/run aarch64

packages-check: $(filter deps,$(MAKECMDGOALS)) ## test the packages on machines with a real systemd, built twice, and for aarch64 (root, minutes)
	@tests/deps --check packages-check
	@tests/packages/run

-include tests/fuzz/rules.mk tests/rules.mk

clean: ## remove everything that was built
	rm -rf build

.PHONY: all help FORCE libraries cmocka unit floors words sanitize clang analyze compile_commands deps check lab faults soak oracle oracle-check oracle-records chains roles findings settings pages cloudwatch fleet bench try demo install deb rpm image release cross packages-check clean
.SECONDARY:
