/**
 * An operator for a custom resource: each {@code WebApp} gets a ConfigMap with its page and a
 * Deployment that serves it.
 *
 * <p><b>Watches</b> webapps, configmaps, deployments. <b>Writes</b> configmaps and deployments:
 * create, patch; deployments: delete; webapps: patch (finalizer); webapps/status: update; one
 * Lease: get, create, update, watch.
 *
 * <p>{@code WebAppOperator} joins the parts and reads caches; {@code WebAppReconciler} decides and
 * does nothing else.
 */
@NullMarked
package dev.kcm.examples.webapp;

import org.jspecify.annotations.NullMarked;
