// ONNX Runtime tells its maker about every process, and keeps an id of the machine under the home folder, unless this is
// set before it loads (https://github.com/microsoft/onnxruntime/pull/29843). So this module is imported before it.
process.env.ORT_DISABLE_TELEMETRY = '1'
