/** libsql corrects by it what it was told of the target; native-target.cjs has told it right. */
module.exports = { familySync: () => null, GLIBC: 'glibc', MUSL: 'musl' };
