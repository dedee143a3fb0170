// The same ring in C++: Lamport's, with cached cursors, release stores and acquire loads, published
// once a batch. It does the job of bare_loop.ts in the same memory (lane.ts), loop for loop: a
// sender numbers the items of its array and copies them in, a receiver copies them out and checks
// them. Each function is one run, and returns 0, or 1 when a number is wrong, or 2 when the other
// side has not moved for STALL_NS.

#include <atomic>
#include <cstdint>
#include <ctime>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace {

constexpr uint32_t READ = 32, SLOTS = 64, CAPACITY = 4096, MASK = CAPACITY - 1;
constexpr uint32_t LONGEST_BATCH = CAPACITY;
constexpr uint32_t PATIENCE = 1 << 13;
constexpr int64_t STALL_NS = 5'000'000'000, NAP_NS = 50'000;

enum Fault : int32_t { NONE = 0, WRONG = 1, STALLED = 2 };

using Cursor = std::atomic<uint32_t>;
static_assert(sizeof(Cursor) == 4 && Cursor::is_always_lock_free);

struct Lane {
  Cursor &written, &read;
  uint32_t *slots;
  explicit Lane(uint32_t *words)
      : written(reinterpret_cast<Cursor &>(words[0])),
        read(reinterpret_cast<Cursor &>(words[READ])),
        slots(words + SLOTS) {}
};

int64_t now() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

// As spin.ts: pauses, naps once the other side must have lost its core, and not for ever.
class Spin {
  uint32_t position_ = ~0u, spins_ = 0;
  int64_t since_ = 0;

  bool nap() {
    const int64_t at = now();
    if (spins_ == PATIENCE) since_ = at;
    if (at - since_ > STALL_NS) return false;
    const timespec time{0, NAP_NS};
    nanosleep(&time, nullptr);
    return true;
  }

 public:
  // False once it has been too long.
  bool idle(uint32_t position) {
#if defined(__x86_64__)
    _mm_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
    if (position != position_) {
      position_ = position;
      spins_ = 0;
    } else if (++spins_ >= PATIENCE) {
      return nap();
    }
    return true;
  }
};

}  // namespace

extern "C" {

uint32_t ring_lane_bytes() { return 4 * (SLOTS + CAPACITY); }

// Nanoseconds of so many readings of the clock.
uint32_t ring_read_clock(uint32_t readings) {
  const int64_t start = now();
  int64_t last = start;
  for (uint32_t i = 0; i < readings; i++) last = now();
  return static_cast<uint32_t>(last - start);
}

int32_t ring_send(uint32_t *words, uint32_t *sum, uint32_t first, uint32_t count, uint32_t batch) {
  Lane lane(words);
  Spin spin;
  uint32_t items[LONGEST_BATCH];
  uint32_t written = first, total = 0;
  uint32_t read = lane.read.load(std::memory_order_acquire);
  for (const uint32_t end = first + count; written != end;) {
    while (written + batch - read > CAPACITY) {
      read = lane.read.load(std::memory_order_acquire);
      if (written + batch - read > CAPACITY && !spin.idle(written)) return STALLED;
    }
    for (uint32_t i = 0; i < batch; i++) {
      items[i] = written + i;
      total += items[i];
    }
    for (uint32_t i = 0; i < batch; i++) lane.slots[(written + i) & MASK] = items[i];
    written += batch;
    lane.written.store(written, std::memory_order_release);
  }
  *sum = total;
  return NONE;
}

int32_t ring_receive(uint32_t *words, uint32_t *sum, uint32_t first, uint32_t count,
                     uint32_t batch) {
  Lane lane(words);
  Spin spin;
  uint32_t items[LONGEST_BATCH];
  uint32_t written = first, read = first, total = 0;
  for (const uint32_t end = first + count; read != end;) {
    while (read == written) {
      written = lane.written.load(std::memory_order_acquire);
      if (read == written && !spin.idle(read)) return STALLED;
    }
    const uint32_t there = written - read < batch ? written - read : batch;
    for (uint32_t i = 0; i < there; i++) items[i] = lane.slots[(read + i) & MASK];
    for (uint32_t i = 0; i < there; i++) {
      if (items[i] != read + i) return WRONG;
      total += items[i];
    }
    read += there;
    lane.read.store(read, std::memory_order_release);
  }
  *sum = total;
  return NONE;
}

// Nanoseconds of the round trips go to `trips`, of which there are `room`, over and over.
int32_t ring_ping(uint32_t *incoming, uint32_t *outgoing, uint32_t *sum, uint32_t first,
                  uint32_t count, uint32_t *trips, uint32_t room) {
  Lane in(incoming), out(outgoing);
  Spin spin;
  uint32_t total = 0;
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t item = first + i;
    const int64_t start = now();
    out.slots[item & MASK] = item;
    out.written.store(item + 1, std::memory_order_release);
    while (in.written.load(std::memory_order_acquire) == item) {
      if (!spin.idle(i)) return STALLED;
    }
    const uint32_t echo = in.slots[item & MASK];
    in.read.store(item + 1, std::memory_order_release);
    trips[i % room] = static_cast<uint32_t>(now() - start);
    if (echo != item) return WRONG;
    total += echo;
  }
  *sum = total;
  return NONE;
}

int32_t ring_echo(uint32_t *incoming, uint32_t *outgoing, uint32_t *sum, uint32_t first,
                  uint32_t count) {
  Lane in(incoming), out(outgoing);
  Spin spin;
  uint32_t total = 0;
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t item = first + i;
    while (in.written.load(std::memory_order_acquire) == item) {
      if (!spin.idle(i)) return STALLED;
    }
    const uint32_t got = in.slots[item & MASK];
    in.read.store(item + 1, std::memory_order_release);
    total += got;
    out.slots[item & MASK] = got;
    out.written.store(item + 1, std::memory_order_release);
  }
  *sum = total;
  return NONE;
}

}  // extern "C"
