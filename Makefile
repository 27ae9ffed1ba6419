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
PKGS      := libcurl libsystemd libcrypto
# Of their own, for distributions without cJSON: there it is compiled in (packaging/rpm).
CJSON_CFLAGS ?= $(shell $(PKG_CONFIG) --cflags libcjson)
CJSON_LIBS   ?= $(shell $(PKG_CONFIG) --libs libcjson)
WARN      := -Wall -Wextra -Werror -Wshadow -Wvla -Wformat=2 -Wswitch-enum -Wmissing-prototypes -Wstrict-prototypes
CFLAGS    ?= -O2 -g
SANITIZE  ?=
HARDEN    ?= -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
CPPFLAGS  += -Iinclude -D_GNU_SOURCE -DROLEWATCH_VERSION='"$(VERSION)"' $(shell $(PKG_CONFIG) --cflags $(PKGS)) $(CJSON_CFLAGS)
ALL_C     := -std=gnu17 $(WARN) $(CFLAGS) $(SANITIZE)
LIBS      := $(shell $(PKG_CONFIG) --libs $(PKGS)) $(CJSON_LIBS)
LDHARDEN  := -pie -Wl,-z,relro,-z,now

MAINS     := agent/cli/main.c agent/broker/main.c
SRCS      := $(filter-out $(MAINS),$(wildcard agent/*/*.c))
OBJS      := $(SRCS:%.c=$(BUILD)/%.o)
BROKER_C  := $(filter-out agent/base/json.c agent/base/xml.c,$(wildcard agent/base/*.c)) agent/broker/ops.c agent/broker/place.c agent/broker/events.c agent/broker/server.c agent/broker/service.c
BROKER_O  := $(BROKER_C:%.c=$(BUILD)/%.o)
TEST_SRCS := $(wildcard tests/unit/test_*.c)
TESTS     := $(TEST_SRCS:tests/unit/%.c=$(BUILD)/tests/%)
HELPERS   := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/unit/mock_*.c tests/unit/helper_*.c) tests/oracle/facts.c tests/oracle/mutants.c)

all: $(BUILD)/rolewatch $(BUILD)/rolewatch-broker ## build both programs

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "%-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BUILD)/librolewatch.a: $(OBJS)
	@rm -f $@
	@$(AR) rcs $@ $^

$(BUILD)/rolewatch: $(BUILD)/agent/cli/main.o $(BUILD)/librolewatch.a
	$(if $(V),,@echo "  LD  $@")
	$(Q)$(CC) $(SANITIZE) $(LDHARDEN) -o $@ $^ $(LIBS)

# The broker carries no JSON, no HTTP, no TLS, no libsystemd: only what the table of operations needs.
$(BUILD)/rolewatch-broker: $(BUILD)/agent/broker/main.o $(BROKER_O)
	$(if $(V),,@echo "  LD  $@")
	$(Q)$(CC) $(SANITIZE) $(LDHARDEN) -Wl,--gc-sections -o $@ $^

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(if $(V),,@echo "  CC  $<")
	$(Q)$(CC) $(ALL_C) $(HARDEN) $(CPPFLAGS) -DTESTS_DIR='"$(CURDIR)/tests"' -MMD -MP -c -o $@ $<

# MSAN comes last: of constructors without a number the linker runs the last one last.
$(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(HELPERS) $(BUILD)/librolewatch.a $(MSAN)
	@mkdir -p $(@D)
	$(if $(V),,@echo "  LD  $@")
	$(Q)$(CC) $(SANITIZE) -pie -o $@ $^ $(LIBS) -lcmocka -lpthread

-include $(shell find $(BUILD)/agent $(BUILD)/tests -name '*.d' -type f 2>/dev/null)

unit: $(TESTS) ## build and run the unit tests (seconds)
	@tests/unit/run $(BUILD) $(TESTS)

floors: ## prove that each room includes only from the floors below it
	@tests/floors

sanitize: ## the unit tests under ASan and UBSan
	@$(MAKE) --no-print-directory $(ASAN_BUILD) unit

clang: ## both programs and the tests compile without a warning with clang, too
	@$(MAKE) --no-print-directory BUILD=build/clang CC=clang all $(TEST_SRCS:tests/unit/%.c=build/clang/tests/%)

deps: ## install what building and testing need (Debian, root), or less: FOR=build, unit, lab, packages or check
	@tests/deps $(FOR)

check: $(filter deps,$(MAKECMDGOALS)) ## run every test; stops where a package is missing that make deps installs
	@tests/check

ROLEWATCH ?= $(BUILD)/rolewatch
lab: all ## all lab scenarios with real containers, judged by boto3 (root); ROLEWATCH=build/asan/rolewatch
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

faults: all ## each fault in turn on the lab's host, as a table (root, a quarter of an hour; make check has one of each kind)
	@ROLEWATCH=$(abspath $(ROLEWATCH)) tests/faults/run

soak: all ## a day in 24 minutes on the same host (root)
	@ROLEWATCH=$(abspath $(ROLEWATCH)) tests/faults/soak

oracle-check: $(ORACLE) ## the chain table against the SDKs themselves: 300 cases (root)
	@tests/oracle/setup $(BUILD)/oracle
	@tests/oracle/run --build $(CURDIR)/$(BUILD)/oracle --set check

oracle: $(ORACLE) ## the same with 2,000 cases and more (root, an hour)
	@tests/oracle/setup $(BUILD)/oracle
	@tests/oracle/run --build $(CURDIR)/$(BUILD)/oracle --set nightly

bench: all $(BUILD)/bench/iam $(BUILD)/bench/actor $(BUILD)/bench/moment $(BUILD)/sdk/pause ## the budgets with this machine's figures, as a table for README.md (root)
	@tests/bench/run

chains: all ## write packaging/CHAINS.md and rolewatch-chains(7) from the program's table
	@packaging/chains $(BUILD)/rolewatch

roles: all ## write what README.md says of roles and error texts from the program
	@packaging/roles $(BUILD)/rolewatch

findings: all ## write the journal catalog and rolewatch-findings(7) from the program's table
	@packaging/findings $(BUILD)/rolewatch

settings: all ## write rolewatch.conf and rolewatch.conf(5) from the program's table
	@packaging/settings $(BUILD)/rolewatch

cloudwatch: all ## write packaging/cloudwatch from the program's tables
	@packaging/cloudwatch/generate $(BUILD)/rolewatch

fleet: all ## write the figures of packaging/FLEET.md from the simulation
	@packaging/fleet $(BUILD)/rolewatch

pages: chains roles findings settings cloudwatch fleet ## write all pages and the completions from the program's tables
	@packaging/pages $(BUILD)/rolewatch
	@packaging/needs $(BUILD)/rolewatch

demo: $(filter deps,$(MAKECMDGOALS)) ## the story in a minute: a lab host, a cron job with the wrong role, and why (root)
	@tests/deps --check lab
	@$(MAKE) --no-print-directory all
	@ROLEWATCH=$(CURDIR)/$(BUILD)/rolewatch tests/lab/demo

install: all ## install below DESTDIR
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
	cd packaging/examples && find . -type f -exec install -D -m 0644 {} $(abspath $(DESTDIR)$(DOCDIR))/examples/{} \;

deb: ## build the .deb, into build/deb (Debian and its kin)
	@packaging/deb/build build/deb

rpm: ## build the .rpm, into build/rpm
	@packaging/rpm/build build/rpm

cross: ## both programs for aarch64, and the unit tests under qemu (fetches Debian's libraries once)
	@tests/packages/run aarch64

packages-check: $(filter deps,$(MAKECMDGOALS)) ## the packages on machines with a real systemd, built twice, and for aarch64 (root, minutes)
	@tests/deps --check packages-check
	@tests/packages/run

-include tests/fuzz/rules.mk tests/rules.mk

clean: ## remove what was built
	rm -rf build

.PHONY: all help unit floors sanitize clang analyze deps check lab faults soak oracle oracle-check chains roles findings settings pages cloudwatch fleet bench demo install deb rpm cross packages-check clean
.SECONDARY:
