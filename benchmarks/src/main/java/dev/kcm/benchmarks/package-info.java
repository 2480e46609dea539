/**
 * What the library costs, measured beside fabric8's and client-java's own classes in the same run.
 *
 * <p>Both sides are fed the same bytes by a server in the same JVM. {@code ListBenchmark}, {@code
 * WatchBenchmark}, {@code QueueBenchmark} and {@code IndexBenchmark} run under JMH; {@code
 * HeapPerPod} and {@code IdleInformers} are programs. The script {@code benchmarks/run} runs them
 * all.
 */
@NullMarked
package dev.kcm.benchmarks;

import org.jspecify.annotations.NullMarked;
