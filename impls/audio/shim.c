/*
 * What JavaScript calls of an audio ring: its memory, its clock device, its sleeping and waking.
 *
 * The memory belongs to this library, not to a JavaScript engine: an engine frees shared memory with
 * the last realm that refers to it, and worker.terminate() would leave the clock writing into freed
 * pages. Here every realm holds a reference, and a thread that ends drops its own. A process may
 * exit while clocks tick: they touch nothing but pages that stay mapped until the end. Link with
 * -z nodelete, so that a runtime which unloads the library unmaps no running thread's code.
 */
#define _GNU_SOURCE
#include "callback.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>

enum { RAMP = 1 << 24, SECOND = 1000000000 };

/* ---- the clock device ---- */

/* False: told to stop. As clock_nanosleep(TIMER_ABSTIME), but one that stopping can cut short. */
static int sleep_until(struct ring *ring, const struct timespec *deadline) {
  for (;;) {
    long result = futex(&ring->stop, FUTEX_WAIT_BITSET, 0, deadline);
    if (atomic_load(&ring->stop)) return 0;
    if (result == -1 && errno == ETIMEDOUT) return 1;
  }
}

/* A source gives the number of the frame, modulo 2^24, on every channel. */
static void ramp(struct ring *ring, uint64_t frame) {
  float *sample = ring->buffer;
  for (uint64_t end = frame + ring->period; frame < end; frame++)
    for (uint32_t channel = 0; channel < ring->width; channel++) *sample++ = frame % RAMP;
}

/* Every deadline is reckoned from the start, so lateness never adds up; woken late, it runs the
   periods that it missed one after another. A duplex captures what it played a period ago. */
static void *tick(void *argument) {
  struct ring *ring = argument;
  float *input = ring->flow == SINK ? NULL : ring->buffer;
  float *output = ring->flow == SOURCE ? NULL : ring->buffer;
  struct timespec start;
  prctl(PR_SET_NAME, "audio clock");
  prctl(PR_SET_TIMERSLACK, 1UL);
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (uint64_t frame = 0;;) {
    uint64_t due = frame + ring->period;
    uint64_t nanoseconds = start.tv_nsec + due % ring->rate * SECOND / ring->rate;
    struct timespec deadline = {start.tv_sec + due / ring->rate + nanoseconds / SECOND,
                                nanoseconds % SECOND};
    if (!sleep_until(ring, &deadline)) return NULL;
    if (!output) ramp(ring, frame);
    audio_callback(ring, input, output, ring->period);
    frame = due;
  }
}

/* Signals stay with the threads of the runtime. */
static void start_clock(struct ring *ring) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  ring->ticking = pthread_create(&ring->clock, NULL, tick, ring) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void stop_clock(struct ring *ring) {
  if (!ring->ticking) return;
  ring->ticking = 0;
  atomic_store(&ring->stop, 1);
  futex(&ring->stop, FUTEX_WAKE, INT_MAX, NULL);
  pthread_join(ring->clock, NULL);
}

/* ---- who holds which ring; all of it under `registry` ---- */

struct hold {
  struct ring *ring;
  pthread_t thread;
  struct hold *next;
};

static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t thread_key;
static struct hold *holds;

/* Drops what this thread holds: of `ring` one hold, of any ring (NULL) all. */
static void drop(const struct ring *ring) {
  for (struct hold **link = &holds, *hold; (hold = *link);) {
    struct ring *held = hold->ring;
    if (!pthread_equal(hold->thread, pthread_self()) || (ring && held != ring)) {
      link = &hold->next;
      continue;
    }
    *link = hold->next;
    free(hold);
    if (!ring && pthread_equal(held->opener, pthread_self())) stop_clock(held);
    if (--held->holders == 0) {
      stop_clock(held);
      munmap(held, held->bytes);
    }
    if (ring) return;
  }
}

/* A thread has ended, by terminate() for instance, and its JavaScript before it. The devices that
   it opened stop; who still waits on one learns it by `beats`. */
static void thread_ended(void *unused) {
  (void)unused;
  pthread_mutex_lock(&registry);
  drop(NULL);
  pthread_mutex_unlock(&registry);
}

static void make_key(void) { pthread_key_create(&thread_key, thread_ended); }

static int take(struct ring *ring) {
  struct hold *hold = malloc(sizeof *hold);
  if (!hold) return 0;
  *hold = (struct hold){ring, pthread_self(), holds};
  holds = hold;
  ring->holders++;
  pthread_once(&once, make_key);
  pthread_setspecific(thread_key, &registry); /* any value: it has thread_ended called */
  return 1;
}

/* ---- what JavaScript calls, with arguments that it has checked ---- */

/* A ring with its device running, or NULL for want of memory or threads. rate 0: no clock. */
struct ring *audio_open(uint32_t flow, uint32_t capacity, uint32_t width, uint64_t start,
                        uint32_t rate, uint32_t period) {
  static uint32_t last_id;
  uint64_t lane_bytes = ((uint64_t)capacity * width * sizeof(float) + 63) & ~UINT64_C(63);
  uint64_t buffer_at = sizeof(struct ring) + lane_bytes * (flow == DUPLEX ? 2 : 1);
  uint64_t bytes = buffer_at + (uint64_t)period * width * sizeof(float);
  /* Populated, so that the callback touches no page for the first time. */
  struct ring *ring = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (ring == MAP_FAILED) return NULL;
  *ring = (struct ring){.magic = MAGIC, .version = VERSION, .bytes = bytes, .flow = flow,
                        .capacity = capacity, .width = width, .rate = rate, .period = period,
                        .opener = pthread_self(), .buffer = (float *)((char *)ring + buffer_at)};
  for (int side = CAPTURE; side <= PLAYBACK; side++) {
    struct lane *lane = &ring->lane[side];
    lane->written = lane->read = (uint32_t)start;
    if (flow == DUPLEX || (side == CAPTURE) == (flow == SOURCE))
      lane->at = sizeof(struct ring) + (flow == DUPLEX && side == PLAYBACK ? lane_bytes : 0);
  }
  if (rate) start_clock(ring);
  pthread_mutex_lock(&registry);
  ring->id = ++last_id;
  int held = (!rate || ring->ticking) && take(ring);
  pthread_mutex_unlock(&registry);
  if (held) return ring;
  stop_clock(ring);
  munmap(ring, bytes);
  return NULL;
}

/* The open ring of that id, or NULL. */
struct ring *audio_attach(uint32_t id) {
  pthread_mutex_lock(&registry);
  struct hold *hold = holds;
  while (hold && hold->ring->id != id) hold = hold->next;
  struct ring *ring = hold && take(hold->ring) ? hold->ring : NULL;
  pthread_mutex_unlock(&registry);
  return ring;
}

/* Stops the device; when this returns no callback of the clock runs or will. */
void audio_stop(struct ring *ring) {
  pthread_mutex_lock(&registry);
  stop_clock(ring);
  pthread_mutex_unlock(&registry);
}

/* The caller touches the ring no more. */
void audio_release(struct ring *ring) {
  pthread_mutex_lock(&registry);
  drop(ring);
  pthread_mutex_unlock(&registry);
}

/* Blocks until the lane's sequence is no longer `seen`, or for that long. */
void audio_sleep(struct ring *ring, uint32_t side, uint32_t seen, uint32_t microseconds) {
  struct timespec time = {microseconds / 1000000, microseconds % 1000000 * 1000L};
  futex(&ring->lane[side].sequence, FUTEX_WAIT, seen, &time);
}

/* Wakes whoever sleeps on either lane. */
void audio_wake(struct ring *ring) {
  wake(&ring->lane[CAPTURE]);
  wake(&ring->lane[PLAYBACK]);
}

/* The layout as compiled, for layout.ts to be compared with. */
const uint32_t *audio_layout(void) {
#define AT(member) offsetof(struct ring, member)
#define IN(member) offsetof(struct lane, member)
  static const uint32_t layout[] = {
      MAGIC, VERSION, LOG, sizeof(struct lane),
      AT(magic), AT(version), AT(bytes), AT(flow), AT(capacity), AT(width), AT(rate), AT(period),
      AT(id), AT(closed), AT(turn), AT(beats), AT(lane),
      IN(written), IN(read), IN(sequence), IN(sleepers), IN(missed), IN(xruns), IN(logged),
      IN(taken), IN(claim), IN(near_slot), IN(near_position), IN(told_missed), IN(told_xruns),
      IN(at), IN(log)};
  return layout;
}
