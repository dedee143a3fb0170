/*
 * An audio ring's memory, and the callback that a driver's thread runs on it.
 *
 * Two lanes join the driver and JavaScript, each a wait-free queue of frames with one writer and
 * one reader (Lamport, "Specifying concurrent program modules", 1983; free-running cursors): in the
 * capture lane the driver writes, in the playback lane it reads. The callback never enters
 * JavaScript, takes no lock, allocates nothing and makes no system call that can block. It may make
 * one, FUTEX_WAKE, and only when a sleeper is counted: that call waits for no other thread, and
 * without it a reader would have to poll.
 */
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MAGIC = 0x52504155, VERSION = 1, LOG = 64 };
enum flow { SOURCE, SINK, DUPLEX };
enum side { CAPTURE, PLAYBACK };

/* What the driver dropped or made up: before which frame of the stream, and how many. */
struct miss {
  uint64_t frame, frames;
};

struct lane {
  _Alignas(64) _Atomic uint32_t written; /* cursors count frames modulo 2^32 */
  _Alignas(64) _Atomic uint32_t read;
  _Alignas(64) _Atomic uint32_t sequence; /* an event count: a waker bumps it … */
  _Atomic uint32_t sleepers;              /* … if anyone sleeps on it */
  _Alignas(64) _Atomic uint64_t missed;   /* frames lost (capture) or padded (playback) */
  _Atomic uint64_t xruns;
  _Atomic uint32_t logged, taken; /* cursors of the log */
  uint64_t position;              /* the driver's alone: number of its next frame since opening … */
  uint32_t slot, begun;           /* … where that is in the ring (a cursor modulo a capacity breaks
                                     at 2^32); whether playback ever had a frame */
  _Alignas(64) uint32_t claim; /* from here on JavaScript's, kept from one end to the next */
  uint32_t near_slot;
  uint64_t near_position, told_missed, told_xruns;
  uint64_t at; /* byte offset of the frames; 0: the ring has no such lane */
  _Alignas(64) struct miss log[LOG];
};

struct ring {
  uint32_t magic, version;
  uint64_t bytes;
  uint32_t flow, capacity, width, rate, period, id;
  _Alignas(64) _Atomic uint32_t closed;
  _Alignas(64) _Atomic uint32_t turn; /* 1: a callback is running */
  _Atomic uint32_t beats;             /* callbacks so far: the sign of life */
  struct lane lane[2];
  _Alignas(64) _Atomic uint32_t stop; /* from here on shim.c's own */
  int32_t ticking, holders;
  pthread_t clock, opener;
  float *buffer; /* one period of the clock, after the lanes */
};

static long futex(_Atomic uint32_t *word, int op, uint32_t value, const struct timespec *time) {
  op |= FUTEX_PRIVATE_FLAG;
  return syscall(SYS_futex, word, op, value, time, NULL, FUTEX_BITSET_MATCH_ANY);
}

/* Call after the cursor is stored: the fence lets either this see the sleeper or it the cursor. */
static void wake(struct lane *lane) {
  atomic_thread_fence(memory_order_seq_cst);
  if (atomic_load(&lane->sleepers) == 0) return;
  atomic_fetch_add(&lane->sequence, 1);
  futex(&lane->sequence, FUTEX_WAKE, INT_MAX, NULL);
}

/* The counts are exact; of misses that nobody takes, the log keeps the oldest. */
static void missed(struct lane *lane, uint32_t frames) {
  uint32_t logged = atomic_load_explicit(&lane->logged, memory_order_relaxed);
  if (logged - atomic_load_explicit(&lane->taken, memory_order_acquire) < LOG) {
    lane->log[logged % LOG] = (struct miss){lane->position, frames};
    atomic_store_explicit(&lane->logged, logged + 1, memory_order_release);
  }
  atomic_fetch_add(&lane->missed, frames);
  atomic_fetch_add(&lane->xruns, 1);
}

/* Splits `count` frames at the end of the ring and moves on by them; returns the first part. */
static uint32_t advance(const struct ring *ring, struct lane *lane, uint32_t count) {
  uint32_t first = ring->capacity - lane->slot;
  lane->position += count;
  lane->slot = count < first ? lane->slot + count : count - first;
  return count < first ? count : first;
}

static void capture(struct ring *ring, const float *input, uint32_t frames) {
  struct lane *lane = &ring->lane[CAPTURE];
  if (atomic_load(&ring->closed)) return;
  size_t width = ring->width;
  float *slots = (float *)((char *)ring + lane->at);
  uint32_t written = atomic_load_explicit(&lane->written, memory_order_relaxed);
  uint32_t filled = written - atomic_load_explicit(&lane->read, memory_order_acquire);
  uint32_t count = frames < ring->capacity - filled ? frames : ring->capacity - filled;
  float *slot = slots + lane->slot * width;
  uint32_t first = advance(ring, lane, count);
  memcpy(slot, input, first * width * sizeof(float));
  memcpy(slots, input + first * width, (count - first) * width * sizeof(float));
  if (count < frames) missed(lane, frames - count);
  if (count == 0) return;
  atomic_store_explicit(&lane->written, written + count, memory_order_release);
  wake(lane);
}

/* No underrun before the first frame ever written, nor once the ring is closed: silence is due. */
static void play(struct ring *ring, float *output, uint32_t frames) {
  struct lane *lane = &ring->lane[PLAYBACK];
  size_t width = ring->width;
  const float *slots = (const float *)((const char *)ring + lane->at);
  uint32_t closed = atomic_load(&ring->closed);
  uint32_t read = atomic_load_explicit(&lane->read, memory_order_relaxed);
  uint32_t filled = atomic_load_explicit(&lane->written, memory_order_acquire) - read;
  uint32_t count = frames < filled ? frames : filled;
  const float *slot = slots + lane->slot * width;
  uint32_t first = advance(ring, lane, count);
  memcpy(output, slot, first * width * sizeof(float));
  memcpy(output + first * width, slots, (count - first) * width * sizeof(float));
  memset(output + count * width, 0, (frames - count) * width * sizeof(float));
  if (count != 0) lane->begun = 1;
  if (count < frames && lane->begun && !closed) missed(lane, frames - count);
  if (count == 0) return;
  atomic_store_explicit(&lane->read, read + count, memory_order_release);
  wake(lane);
}

/* Capture first, then playback; a scripted device calls it too. 0: another thread is in it. `turn`
   tells a reader that found the ring closed and empty whether more may come. */
int32_t audio_callback(struct ring *ring, const float *input, float *output, uint32_t frames) {
  if (atomic_exchange(&ring->turn, 1)) return 0;
  if (input) capture(ring, input, frames);
  if (output) play(ring, output, frames);
  atomic_fetch_add(&ring->beats, 1);
  atomic_store(&ring->turn, 0);
  return 1;
}
