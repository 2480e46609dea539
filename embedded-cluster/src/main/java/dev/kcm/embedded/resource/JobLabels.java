package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The labels and the selector by which a job finds its pods, generated from its UID.
 *
 * <p>Stateless.
 */
final class JobLabels {

  private static final String CONTROLLER_UID = "controller-uid";
  private static final String JOB_NAME = "job-name";
  private static final String PREFIX = "batch.kubernetes.io/";

  private JobLabels() {}

  static void generate(ObjectNode job) {
    ObjectNode spec = Trees.child(job, "spec");
    if (spec.path("manualSelector").asBoolean()) {
      return;
    }
    String uid = Meta.uid(job);
    ObjectNode labels =
        Trees.child(Trees.child(Trees.child(spec, "template"), "metadata"), "labels");
    Trees.putIfAbsent(labels, JOB_NAME, Meta.name(job));
    Trees.putIfAbsent(labels, PREFIX + JOB_NAME, Meta.name(job));
    Trees.putIfAbsent(labels, CONTROLLER_UID, uid);
    Trees.putIfAbsent(labels, PREFIX + CONTROLLER_UID, uid);
    ObjectNode wanted = Trees.child(Trees.child(spec, "selector"), "matchLabels");
    Trees.putIfAbsent(wanted, PREFIX + CONTROLLER_UID, uid);
  }
}
