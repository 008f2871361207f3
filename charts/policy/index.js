// cdk8s-cli loads a validation with `require`, in its own process, which knows no TypeScript.
require('ts-node').register({ transpileOnly: true, cwd: __dirname });
module.exports = require('./plugin');
