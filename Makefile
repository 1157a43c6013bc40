# weir: the one Makefile. GNU make, gcc 12 or clang 19. Sources are found, never listed.
#
#   make              build $(BUILD)/weir
#   make setup        install what building, testing and checking need (Debian packages)
#   make test         build, run unit tests and tests/run.sh; ends with "N passed, N failed"
#   make test-unit    the unit tests alone
#   make check        every scripts/check-*; check-NAME runs one (layers, symbols, size, ...)
#   make asan, tsan   the unit tests under sanitizers, in build-asan and build-tsan
#   make fuzz         every fuzzer for FUZZ_SECONDS; fuzz-NAME runs one
#   make fuzz-replay  every fuzzer over its committed corpus, no libFuzzer needed
#   make demo, demo-stop, bench, conformance, golden-update, clean
#   make nightly      all that is too long for .ci/run
#
# CC=clang-19 chooses the compiler, BUILD=dir the output folder (several can live side by side),
# V=1 shows the commands, SANITIZE=address,undefined instruments the whole build.

BUILD ?= build
FUZZ_SECONDS ?= 60
CFLAGS ?= -O2 -g
ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(origin CXX),default)
CXX := $(if $(findstring clang,$(CC)),$(subst clang,clang++,$(CC)),g++)
endif
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += --no-print-directory -j$(shell nproc)
endif
export BUILD CC

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wcast-qual -Wvla -Wundef -Wswitch-enum -Werror
WARN_C := -Wstrict-prototypes -Wmissing-prototypes
HARDEN := -fstack-protector-strong -fPIE $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all,-D_FORTIFY_SOURCE=3)
COMMON := -Isrc -ffunction-sections -fdata-sections $(HARDEN) $(WARN)
C_FLAGS := -std=gnu17 $(COMMON) $(WARN_C) $(CFLAGS)
# Not -Wpedantic in C++: it sees our C headers, and compound literals are no C++.
CXX_FLAGS := -std=gnu++17 -fno-exceptions -fno-rtti $(filter-out -Wpedantic,$(COMMON)) $(CFLAGS)
LINK := -pie -static-libgcc -Wl,-z,relro,-z,now,-z,pack-relative-relocs,--gc-sections,--as-needed \
  $(if $(SANITIZE),-fsanitize=$(SANITIZE)) $(LDFLAGS)

# Static archives, users before what they use: start-up is a budget (docs/adr). libcurl,
# libarchive and gpgme are opened at first use, so they are not here.
EXTERN := $(patsubst %,-l:lib%.a,event_openssl event_pthreads event ssl crypto sqlite3 yaml z re2 \
  double-conversion utf8proc crypt stdc++) -lpthread -ldl -lm

# One static library a layer. LAYERS is in link order; UP_x is x and what x may see.
LAYERS := adapters cli app core value foreign base
UP_base := base
UP_foreign := foreign $(UP_base)
UP_value := value $(UP_foreign)
UP_core := core $(UP_value)
lib = $(patsubst %,$(BUILD)/lib/lib%.a,$(1))
obj = $(patsubst %,$(BUILD)/obj/%.o,$(1))
FOUND := $(sort $(shell find $(wildcard src tests) -name '*.c' -o -name '*.cc'))
TEST_SRC := $(filter %_test.c,$(FOUND))
SUPPORT_SRC := $(filter-out $(TEST_SRC) tests/harness.c,$(filter tests/%,$(FOUND)))
MAIN_SRC := $(filter src/main.c src/main/%,$(FOUND))
LAYER_SRC := $(filter-out $(TEST_SRC) $(MAIN_SRC),$(filter src/%,$(FOUND)))
in_layer = $(filter src/$(1)/%,$(LAYER_SRC)) $(if $(filter support,$(1)),$(SUPPORT_SRC))
FUZZ_NAMES := $(patsubst fuzz/fuzz_%.c,%,$(wildcard fuzz/fuzz_*.c))
WEIR := $(if $(wildcard src/main.c),$(BUILD)/weir)
TESTS := $(patsubst %.c,$(BUILD)/test/%,$(TEST_SRC))
REPLAYS := $(patsubst %,$(BUILD)/replay/%,$(FUZZ_NAMES))
FUZZERS := $(FUZZ_NAMES:%=$(BUILD)/fuzz/%)
BENCHES := $(patsubst bench/%.c,$(BUILD)/bench/%,$(wildcard bench/*.c))
LIBS := $(call lib,$(LAYERS))

say = $(if $(filter 1,$(V)),,@echo "$(1)")
Q := $(if $(filter 1,$(V)),,@)
# Rewrites $@ only when its text changes, so what depends on it is rebuilt only then.
stamp = @mkdir -p $(@D); echo '$(1)' | cmp -s - $@ || echo '$(1)' >$@

.PHONY: all libs setup demo demo-stop test test-installed test-unit check asan tsan fuzz fuzz-replay \
  bench bench-cluster conformance golden-update nightly clean FORCE
.SECONDARY:
.DELETE_ON_ERROR:

all: $(LIBS) $(WEIR)
libs: $(LIBS)
$(BUILD)/flags: FORCE
	$(call stamp,$(CC) $(CXX) $(C_FLAGS) $(CXX_FLAGS) $(LINK))
$(BUILD)/lib/%.list: FORCE
	$(call stamp,$(call in_layer,$*))

$(BUILD)/obj/%.c.o: %.c $(BUILD)/flags
	$(call say,CC $<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(C_FLAGS) $(if $(filter tests/% fuzz/% %_test.c,$<),-I.) \
	  $(if $(filter src/adapters/% src/cli/% $(MAIN_SRC) tests/% bench/%,$<),-D_GNU_SOURCE) -MMD -MP -c -o $@ $<

$(BUILD)/obj/%.cc.o: %.cc $(BUILD)/flags
	$(call say,CXX $<)
	@mkdir -p $(@D)
	$(Q)$(CXX) $(CXX_FLAGS) -MMD -MP -c -o $@ $<

$(foreach l,$(LAYERS) support,$(eval $(call lib,$(l)): $(call obj,$(call in_layer,$(l)))))
$(BUILD)/lib/lib%.a: $(BUILD)/lib/%.list
	$(call say,AR $@)
	$(Q)rm -f $@ && $(AR) rcsTP $@ $(filter %.o,$^)

# A test links what its layer may see; app, adapters, cli and tests/ link everything.
sees = $(call lib,$(or $(UP_$(word 2,$(subst /, ,$(1)))),support $(LAYERS)))
$(foreach t,$(TEST_SRC),$(eval $(t:%.c=$(BUILD)/test/%): $(call obj,$(t) tests/harness.c) $(call sees,$(t))))
$(foreach f,$(FUZZ_NAMES),$(eval $(BUILD)/replay/$(f): $(call obj,fuzz/fuzz_$(f).c fuzz/replay.c) $(LIBS)))
$(foreach f,$(FUZZ_NAMES),$(eval $(BUILD)/fuzz/$(f): $(call obj,fuzz/fuzz_$(f).c) $(LIBS)))
$(FUZZERS): private LINK += -fsanitize=fuzzer
$(foreach b,$(BENCHES),$(eval $(b): $(call obj,bench/$(notdir $(b)).c) $(LIBS)))
$(BUILD)/weir: $(call obj,$(MAIN_SRC)) $(LIBS)

$(BUILD)/weir $(TESTS) $(REPLAYS) $(FUZZERS) $(BENCHES): $(BUILD)/flags
	$(call say,LD $@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LINK) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(EXTERN)

setup nightly demo-stop:
	@scripts/$@
# The script has a line of its own: what it leaves running must not hold make's job pipe, or make would never end.
demo:
	@scripts/setup demo && $(MAKE) all
	@scripts/demo
test:
	@scripts/setup test && $(MAKE) test-installed
test-installed: all $(TESTS)
	@scripts/run-tests $(TESTS) $(wildcard tests/run.sh)
test-unit: $(TESTS)
	@scripts/run-tests $(TESTS)
check: libs
	@scripts/check
check-%: libs
	@scripts/$@
asan:
	@$(MAKE) BUILD=build-asan SANITIZE=address,undefined test-unit
tsan:
	@$(MAKE) BUILD=build-tsan SANITIZE=thread CC=clang-19 test-unit

fuzz-replay: $(REPLAYS)
	@scripts/run-tests $^
fuzz: $(addprefix fuzz-,$(FUZZ_NAMES))
fuzz-%:
	@$(MAKE) BUILD=build-fuzz CC=clang-19 SANITIZE=fuzzer-no-link,address,undefined build-fuzz/fuzz/$*
	@mkdir -p build-fuzz/corpus/$* fuzz/corpus/$*
	build-fuzz/fuzz/$* -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 \
	  -artifact_prefix=build-fuzz/corpus/ build-fuzz/corpus/$* fuzz/corpus/$*
bench-cluster: all
	@WEIR_PEERS="$${WEIR_PEERS:-$${XDG_CACHE_HOME:-$$HOME/.cache}/weir-peers}" tests/conformance/peers.sh apiserver manager controller >/dev/null; \
	  python3 bench/cluster.py $(BUILD) "$${WEIR_PEERS:-$${XDG_CACHE_HOME:-$$HOME/.cache}/weir-peers}/bin"

bench: all $(BENCHES)
	@bench/run.sh
conformance: all
	@tests/conformance/run.sh $(ARGS)
golden-update: all
	@scripts/$@
clean:
	rm -rf $(BUILD) build-asan build-tsan build-fuzz build-clang

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
