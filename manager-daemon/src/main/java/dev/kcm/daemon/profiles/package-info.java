/**
 * {@code /debug/pprof/}: profiles of this JVM in the formats that users of the original have tools
 * for. Start from {@link dev.kcm.daemon.profiles.Profiles}.
 *
 * <p>Profiles over time come from Java Flight Recorder, which records only while somebody asks, one
 * at a time; the others are snapshots of threads and of the heap. Nothing runs in between.
 */
@NullMarked
package dev.kcm.daemon.profiles;

import org.jspecify.annotations.NullMarked;
