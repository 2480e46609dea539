/**
 * The approver of kubelets' client certificates: who may ask for one, by RBAC, gets it without a
 * human's word.
 *
 * <p><b>Watches</b> CertificateSigningRequests, for new ones.
 *
 * <p><b>Writes</b> subjectaccessreviews: create; certificatesigningrequests/approval: update (and
 * the verb approve on the signer {@code kubernetes.io/kube-apiserver-client-kubelet}).
 *
 * <p><b>Queue key</b> name of the request. <b>Flags</b> none; 5 workers.
 *
 * <p><b>Condition</b> {@code Approved}, reason {@code AutoApproved}. <b>Events, metrics</b> none of
 * its own.
 *
 * <p><b>Invariants</b> serving certificates are never approved; what was judged is not judged
 * again; nothing is approved without an access review that allows it.
 *
 * <p><b>Differences to upstream</b> stand, with their reasons, in {@code
 * docs/controllers/certificatesigningrequest-approving.md}.
 */
@NullMarked
package dev.kcm.controllers.auth.csrapproving;

import org.jspecify.annotations.NullMarked;
