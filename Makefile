# Partywall — `make help` lists what can be asked for.

.DEFAULT_GOAL := all
SHELL         := /bin/bash
.DELETE_ON_ERROR:

## PORT=8080        where `make run` listens, on 127.0.0.1
PORT    ?= 8080
## STATE=.state     where `make run` keeps its database
STATE   ?= .state
## WORKERS=0        size of the pool; 0 is twice the cores
WORKERS ?= 0
## MYSQL=           `make test` uses this server (host:port or a socket's path) in place of its own;
##                  MYSQL_USER (root) and MYSQL_PASSWORD are an account that may create databases
MYSQL   ?=
## ONLY=            `make test` runs these suites only, e.g. ONLY="unit routes"
ONLY    ?=
## SUITE=bookworm   the Debian that `make bare-test` makes; trixie is 13
SUITE   ?= bookworm
## PREFIX=/usr/local SYSCONFDIR=/etc DESTDIR=   where `make install` puts things
PREFIX     ?= /usr/local
SYSCONFDIR ?= /etc
DESTDIR    ?=
## QUICK=1          `make bench` in two minutes, for a first look
QUICK   ?=
## TOP=100000       `make bench-scale` ends at so many companies, with a hundred messages each
TOP     ?=
## SANITIZE=1       build into build-asan, with AddressSanitizer and UBSan, and test that
SANITIZE ?=
##

ifeq ($(SANITIZE),1)
  build    := build-asan
  optimise := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
              -fno-sanitize-recover=all
else
  build    := build
  optimise := -O2 -g1 -D_FORTIFY_SOURCE=2
endif

# The version stands in the package's changelog alone.
version := $(shell sed -n '1s/.*(\(.*\)).*/\1/p' systemd/debian/changelog)
# The oldest release whose program works on this one's schema: the release before this one, or, where
# the pool has to be stopped for the migrations, this one (src/README.md, "Releases").
oldest  := 0.6.0

# The user's CXXFLAGS come last, so that they win.
compile  := -std=c++20 $(optimise) -fstack-protector-strong -fPIE -Isrc
warnings := -Wall -Wextra -Wpedantic -Wshadow=local -Wconversion -Wnon-virtual-dtor -Wold-style-cast \
            -Werror
link     := $(optimise) -pie -Wl,-z,relro,-z,now -Wl,--as-needed
libs     := -lfcgi -lmysqlcppconn -lcrypto -lfmt -lsystemd -largon2 -lutf8proc -levent -larchive -loath

# Everything but main.cc is a library, which the program and the unit tests both link.
unit_dirs := $(wildcard $(addprefix tests/,$(notdir $(wildcard src/*))))
sources   := $(sort $(shell find src -name '*.cc' -o -name '*.S'))
unit      := $(sort $(if $(unit_dirs),$(shell find $(unit_dirs) -name '*_test.cc')) \
                    $(wildcard tests/support/*.cc))
object     = $(patsubst %,$(build)/obj/%.o,$(basename $(1)))
objects   := $(call object,$(filter-out src/main.cc,$(sources)))
main      := $(call object,src/main.cc)
unit_objs := $(call object,$(unit))
cxx_files := $(sort $(shell find src tests -name '*.cc' -o -name '*.h'))

# Two jobs; a -jN on the command line wins, and so does a calling make.
ifeq ($(filter -j%,$(MAKEFLAGS)),)
  MAKEFLAGS += -j2
endif

.PHONY: all run test races test-limits install deb package-test upgrade-test bare-test bench bench-scale \
  bench-live bench-life bench-move bench-erase screenshots fuzz routes clean format lint help deps FORCE

## make             build the program
all: $(build)/partywall

## make run         start it with a private MariaDB and nginx; Ctrl-C stops all, the data stays
run: $(build)/partywall
	@exec tests/stack.sh run '$(STATE)' '$(PORT)' '$(WORKERS)' $<

## make test        build and run every test on a stack of its own
test: $(build)/partywall $(if $(unit),$(build)/unit_tests)
	@MYSQL='$(MYSQL)' SANITIZE='$(SANITIZE)' exec python3 tests/run.py --build $(build) $(ONLY)

## make test-limits no request of 1 MiB costs a worker more than 50 ms of the processor, on any route
test-limits: $(build)/partywall
	@exec python3 tests/run.py --build $(build) limits

## make races      end 100,000 sessions while others read with them
races: $(build)/unit_tests
	@PARTYWALL_RACES=100000 exec python3 tests/run.py --build $(build) races

## make install     put everything under PREFIX and SYSCONFDIR; a configuration that is there stays
install: $(build)/partywall
	@exec systemd/install.sh $< '$(PREFIX)' '$(SYSCONFDIR)' '$(DESTDIR)'

## make deb         a Debian package of it, in build/deb
deb: $(build)/partywall | deps
	@exec systemd/package.sh $(build)

## make package-test   install, upgrade, remove and purge the package in a clean Debian; as root
package-test: deb
	@exec tests/package_test.py $(build)

## make upgrade-test two hosts, one after the other, from the release before, and back; ROWS=100000: fewer rows
upgrade-test: $(build)/partywall
	@exec tests/upgrade_test.py $(build)

## make bare-test    both commands of the README on a Debian with git and make alone; as root, takes long
bare-test: | deps
	@exec tests/bare_test.py '$(SUITE)' $(ONLY)

## make bench       measure requests per second, latency and memory, beside floors
bench: $(build)/partywall $(build)/floor
	@exec tests/bench/run --build $(build) $(if $(QUICK),--quick)

## make bench-scale measure pages while 10 thousand messages become 10 million; 10 GB, takes long
bench-scale: $(build)/partywall $(build)/unit_tests
	@exec tests/bench/scale --build $(build) $(if $(TOP),--top $(TOP))

## make bench-live  ten thousand streams of events: memory, delivery, a restart
bench-live: $(build)/partywall
	@exec tests/bench/live --build $(build)

## make bench-life  a company of MESSAGES (1000000) exported, imported elsewhere, erased, moved back; compared
bench-life: $(build)/partywall
	@exec tests/bench/life --build $(build) $(if $(MESSAGES),--messages $(MESSAGES))

## make bench-move  a company of MESSAGES (1000000) moved to another installation while it is written
bench-move: $(build)/partywall
	@exec tests/bench/move --build $(build) $(if $(MESSAGES),--messages $(MESSAGES))

## make bench-erase what others notice while a company of 200,000 messages is deleted
bench-erase: $(build)/partywall
	@exec tests/bench/erase --build $(build)

## make screenshots write pictures of the web client into build/screenshots
screenshots: $(build)/partywall
	@exec python3 tests/run.py --build $(build) screenshots

## make fuzz        run each fuzz target for SECONDS (20)
fuzz: | deps
	@exec tests/fuzz/run.sh $(or $(SECONDS),20)

## make routes      rewrite tests/routes.txt: what may be asked for, and the least role for it
routes: $(build)/partywall
	$< routes >tests/routes.txt

## make lint        folder order, who includes which library, names in comments, lengths, formatting
lint: | deps
	@exec python3 tests/lint.py

## make format      rewrite C++ and JavaScript as .clang-format and .prettierrc say
format: | deps
	@clang-format --version | grep -q 'version 14\.' || \
	  { echo 'format: .clang-format is for clang-format 14, which is Debian 12'\''s' >&2; exit 1; }
	clang-format -i $(cxx_files)
	@exec python3 tests/javascript.py

## make clean       remove what was built; data stays
clean:
	rm -rf build build-asan

## make help        this
help:
	@sed -n 's/^## \(make.*\)/\1/p' Makefile; echo
	@sed -n 's/^## \([A-Z ].*\)/\1/p' Makefile

# What the asked-for goals need beside the compiler.
deps:
	@tests/deps.sh build $(subst -,_,$(filter run test races test-limits deb package-test upgrade-test \
	  bare-test bench bench-scale bench-live screenshots fuzz format lint,$(MAKECMDGOALS)))

$(build)/partywall: $(main) $(build)/libpartywall.a
	$(CXX) $(link) $(LDFLAGS) -o $@ $^ $(libs)

$(build)/unit_tests: $(unit_objs) $(build)/libpartywall.a $(build)/unit.list
	$(CXX) $(link) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(libs) -lboost_unit_test_framework

# The bench's floors share nothing with the product but the compiler's options.
$(build)/floor: $(call object,tests/bench/floor.cc)
	$(CXX) $(link) $(LDFLAGS) -o $@ $^ -lfcgi -lmysqlcppconn -lcrypto

$(build)/libpartywall.a: $(objects) $(build)/objects.list
	@rm -f $@
	$(AR) rcs $@ $(filter %.o,$^)

# What one file is told by the compiler's command line, and by nothing that -MMD sees.
main_flags    := -DPARTYWALL_CONFIG='"$(SYSCONFDIR)/partywall/partywall.conf"'
version_flags := -DPARTYWALL_VERSION='"$(version)"' -DPARTYWALL_OLDEST='"$(oldest)"'
$(main): compile += $(main_flags)
$(main): $(build)/main.list
$(call object,src/base/version.cc): compile += $(version_flags)
$(call object,src/base/version.cc): $(build)/version.list

# A list is rewritten only when it changes: so a source that was removed is noticed too.
$(build)/objects.list: words = $(objects)
$(build)/unit.list:    words = $(unit_objs)
$(build)/main.list:    words = $(subst ',,$(main_flags))
$(build)/version.list: words = $(subst ',,$(version_flags))
$(build)/%.list: FORCE
	@mkdir -p $(@D)
	@echo '$(words)' | cmp -s - $@ || echo '$(words)' >$@

$(build)/obj/src/%.o: src/%.cc Makefile | deps
	@mkdir -p $(@D)
	$(CXX) $(compile) $(warnings) $(CPPFLAGS) $(CXXFLAGS) -MMD -MP -c -o $@ $<

$(build)/obj/tests/%.o: tests/%.cc Makefile | deps
	@mkdir -p $(@D)
	$(CXX) $(compile) $(warnings) -DBOOST_TEST_DYN_LINK -Itests $(CPPFLAGS) $(CXXFLAGS) \
	  -MMD -MP -c -o $@ $<

# All migrations in one file, each after a line with its name (src/db/migrate.cc splits them).
$(build)/migrations.sql: $(wildcard sql/*.sql) Makefile
	@mkdir -p $(@D)
	for file in $(sort $(wildcard sql/*.sql)); do echo "--@ $$file"; cat $$file; done >$@

# Assembler files hold data with .incbin, which -MMD does not see.
$(build)/obj/%.o: %.S $(build)/migrations.sql $(wildcard src/*/*.txt) $(wildcard tests/clients/story.*) Makefile | deps
	@mkdir -p $(@D)
	$(CC) -c -Wa,-I. -Wa,-I$(build) -Wa,--noexecstack -o $@ $<

-include $(patsubst %.o,%.d,$(objects) $(main) $(unit_objs) $(call object,tests/bench/floor.cc))
